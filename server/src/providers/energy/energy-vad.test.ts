import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { vadContract } from '../../ports/vad.contract.ts'
import { energyVad } from './energy-vad.ts'

vadContract({
  name: 'energy',
  provider: energyVad,
  pump: () => Promise.resolve(),
  speech: framesOf(readWav('en_06')),
  onsetMs: 510,
  endMs: 2430,
})
