import { Type } from 'typebox'
import { wireId } from './wire.ts'

export const avatarConfig = Type.Object(
  { AvatarId: Type.Optional(wireId()) },
  { additionalProperties: true },
)

export const vcrToggle = Type.Object(
  { Enabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: true },
)

/** A check that reports only after it held for `CallbackDelay` milliseconds. */
export const vcrFrameMotion = Type.Object(
  {
    Enabled: Type.Optional(Type.Boolean()),
    CallbackDelay: Type.Optional(Type.Integer({ minimum: 200, maximum: 5000 })),
  },
  { additionalProperties: true },
)

/** What is looked for in the user's picture. */
export const vcrConfig = Type.Object(
  {
    StillFrameMotion: Type.Optional(vcrFrameMotion),
    InvalidFrameMotion: Type.Optional(vcrFrameMotion),
    PeopleCount: Type.Optional(vcrToggle),
    Equipment: Type.Optional(vcrToggle),
    HeadMotion: Type.Optional(vcrToggle),
    LookAway: Type.Optional(vcrToggle),
  },
  { additionalProperties: true },
)
