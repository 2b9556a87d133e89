// Writes hooks/emoji/emoji.txt, the emoji that the server accepts, from emojibase-data (MIT), which is made from
// Unicode's emoji-test.txt. `make emoji` runs it.
import process from 'node:process'
import { readFileSync, writeFileSync } from 'node:fs'

const [modules, server] = process.argv.slice(2)
const read = (path) => JSON.parse(readFileSync(`${modules}/${path}`, 'utf8'))

// A variation selector belongs behind a character that is a text by default; emojibase adds it to others, too.
const qualified = (emoji) => (/^\p{Emoji_Presentation}\uFE0F$/u.test(emoji) ? emoji.slice(0, -1) : emoji)

// Characters without a group are parts of other emoji: regional indicators, skin tones.
const isEmoji = (entry) => entry.group !== undefined && entry.group !== 2
const emoji = read('emojibase-data/en/data.json').filter(isEmoji).sort((a, b) => a.order - b.order)
const all = emoji.flatMap((entry) => [entry, ...(entry.skins ?? [])]).map((entry) => qualified(entry.emoji))

const { version } = read('emojibase-data/package.json')
writeFileSync(server, `# All fully-qualified emoji of Unicode ${process.versions.unicode}, by \`make emoji\` from emojibase-data ${version} (MIT).\n${all.join('\n')}\n`)
