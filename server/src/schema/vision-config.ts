import { Type } from 'typebox'
import { described } from './described.ts'
import { wireId } from './wire.ts'

export const avatarConfig = Type.Object(
  described({ AvatarId: Type.Optional(wireId()) }, { AvatarId: 'The digital human to show.' }),
  { additionalProperties: true },
)

export const vcrToggle = Type.Object(
  described(
    { Enabled: Type.Optional(Type.Boolean()) },
    { Enabled: { text: 'Whether it is looked for.', default: false } },
  ),
  { additionalProperties: true },
)

/** A check that reports only after it held for `CallbackDelay` milliseconds. */
export const vcrFrameMotion = Type.Object(
  described(
    {
      Enabled: Type.Optional(Type.Boolean()),
      CallbackDelay: Type.Optional(Type.Integer({ minimum: 200, maximum: 5000 })),
    },
    {
      Enabled: { text: 'Whether it is looked for.', default: false },
      CallbackDelay: {
        text: 'How long it must last before it is reported.',
        unit: 'ms',
        default: 3000,
      },
    },
  ),
  { additionalProperties: true },
)

/** What is looked for in the user's picture. */
export const vcrConfig = Type.Object(
  described(
    {
      StillFrameMotion: Type.Optional(vcrFrameMotion),
      InvalidFrameMotion: Type.Optional(vcrFrameMotion),
      PeopleCount: Type.Optional(vcrToggle),
      Equipment: Type.Optional(vcrToggle),
      HeadMotion: Type.Optional(vcrToggle),
      LookAway: Type.Optional(vcrToggle),
    },
    {
      StillFrameMotion: 'The picture does not move.',
      InvalidFrameMotion: 'The picture is black, covered or blurred.',
      PeopleCount: 'How many people are in view.',
      Equipment: 'Telephones, headphones and watches in view.',
      HeadMotion: 'Nodding and shaking of the head.',
      LookAway: 'The gaze leaves the screen.',
    },
  ),
  { additionalProperties: true },
)
