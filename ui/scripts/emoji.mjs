// `make emoji` runs it. Writes hooks/emoji/emoji.txt, the emoji that the server accepts, from emojibase-data (MIT), which
// is made from Unicode's emoji-test.txt; and for the picker, ui/src/chat/emoji/data: the same emoji, and their names and
// keywords in each language of the client from Unicode's CLDR (cldr-annotations-full, Unicode License).
import process from 'node:process'
import { readFileSync, writeFileSync } from 'node:fs'

const [modules, server, picker] = process.argv.slice(2)
const read = (path) => JSON.parse(readFileSync(`${modules}/${path}`, 'utf8'))

// A variation selector belongs behind a character that is a text by default; emojibase adds it to others, too.
const qualified = (emoji) => (/^\p{Emoji_Presentation}\uFE0F$/u.test(emoji) ? emoji.slice(0, -1) : emoji)

// Characters without a group are parts of other emoji: regional indicators, skin tones.
const isEmoji = (entry) => entry.group !== undefined && entry.group !== 2
const emoji = read('emojibase-data/en/data.json').filter(isEmoji).sort((a, b) => a.order - b.order)
const all = emoji.flatMap((entry) => [entry, ...(entry.skins ?? [])]).map((entry) => qualified(entry.emoji))

const { version } = read('emojibase-data/package.json')
writeFileSync(server, `# All fully-qualified emoji of Unicode ${process.versions.unicode}, by \`make emoji\` from emojibase-data ${version} (MIT).\n${all.join('\n')}\n`)

const lines = (list) => `[\n${list.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`
// Of a couple with several skin tones the picker offers those in which both have the same.
const tonesOf = (entry) => (entry.skins ?? []).filter(({ tone }) => typeof tone === 'number').sort((a, b) => a.tone - b.tone)
const shared = emoji.map((entry) => [qualified(entry.emoji), entry.group, entry.version, ...tonesOf(entry).map((skin) => qualified(skin.emoji))])
writeFileSync(`${picker}/emoji.json`, lines(shared))

for (const language of ['fr', 'en', 'ar']) {
  const { annotations } = read(`cldr-annotations-full/annotations/${language}/annotations.json`).annotations
  const derived = read(`cldr-annotations-derived-full/annotationsDerived/${language}/annotations.json`).annotationsDerived.annotations
  const names = emoji.map((entry) => {
    const key = entry.emoji.replaceAll('\uFE0F', '')
    const { tts: [name], default: keywords } = annotations[key] ?? derived[key]
    return [name, ...keywords.filter((keyword) => keyword !== name)].join('|')
  })
  writeFileSync(`${picker}/${language}.json`, lines(names))
}
