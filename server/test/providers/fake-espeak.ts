import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

/** What `espeak-ng --voices` of version 1.51 prints, in part. */
export const VOICES = `Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  af              --/M      Afrikaans          gmw/af               
 5  cmn             --/M      Chinese_(Mandarin,_latin_as_English) sit/cmn              (zh-cmn 5)(zh 5)
 5  cmn-latn-pinyin --/M      Chinese_(Mandarin,_latin_as_Pinyin) sit/cmn-Latn-pinyin  (zh-cmn 5)(zh 5)
 5  de              --/M      German             gmw/de               
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 5  en-gb-scotland  --/M      English_(Scotland) gmw/en-GB-scotland   (en 4)
 2  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 5  fr-be           --/M      French_(Belgium)   roa/fr-BE            (fr 8)
 5  fr-fr           --/M      French_(France)    roa/fr               (fr 5)
 5  ja              --/M      Japanese           jpx/ja               
 5  pt              --/M      Portuguese_(Portugal) roa/pt               (pt-pt 5)
 5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR            (pt 6)
 5  yue             --/M      Chinese_(Cantonese) sit/yue              (zh-yue 5)(zh 8)
`

/** Speaks the command line of eSpeak NG; the voices `af`, `de`, `ja` and `pt` fail in a way each. */
const PROGRAM = `
import { stdin, stdout, argv, env, exit } from 'node:process'
const option = (name) => argv[argv.indexOf(name) + 1]
if (argv.includes('--voices')) { stdout.write(${JSON.stringify(VOICES)}); exit(0) }
if (!argv.includes('--stdin') || !argv.includes('--stdout') || option('-b') !== '1') exit(9)
let text = ''
for await (const piece of stdin.setEncoding('utf8')) text += piece
const voice = option('-v')
const header = Buffer.alloc(44)
header.write('RIFF', 0); header.writeUInt32LE(0x7ffff024, 4); header.write('WAVEfmt ', 8)
header.writeUInt32LE(16, 16); header.writeUInt16LE(1, 20); header.writeUInt16LE(1, 22)
header.writeUInt32LE(22050, 24); header.writeUInt32LE(44100, 28); header.writeUInt16LE(2, 32)
header.writeUInt16LE(16, 34); header.write('data', 36); header.writeUInt32LE(0x7ffff000, 40)
const seconds = text.length * 0.06 * 175 / Number(option('-s'))
const tone = Int16Array.from({ length: Math.round(22050 * seconds) }, (_, i) => 6000 * Math.sin(i / 8))
if (voice === 'af') { process.stderr.write('no such thing'); exit(3) }
if (voice === 'pt') header.writeUInt16LE(2, 22)
if (voice === 'en-gb') header.write(env.DASHSCOPE_API_KEY ?? 'data', 36)
stdout.write(header)
stdout.write(Buffer.from(tone.buffer))
if (voice === 'de') setInterval(() => {}, 1000)
if (voice === 'ja') for (;;) await new Promise((next) => stdout.write(Buffer.alloc(500000, 1), next))
`

/** An executable file that behaves like eSpeak NG. */
export function fakeEspeak(): string {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-espeak-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'espeak-ng.mjs')
  writeFileSync(file, `#!${process.execPath}\n${PROGRAM}`, { mode: 0o755 })
  return file
}
