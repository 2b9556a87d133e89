import { Agent, request } from 'node:http'
import { Api } from '../e2e/api'
import { password } from '../e2e/school'

/** Of Claire Martin. */
export const conversations = 300
/** Fewer by hand, where the figures of the list alone are wanted. */
export const longHistory = Number(process.env.MESSAGES ?? 100_000)
/** Those who write to one person alone; everything else are groups. */
const parents = 100
const atOnce = 96

export interface FullSchool {
  /** The conversation of Claire Martin and Karim Haddad. */
  longId: number
  karim: Api
  /** Seconds that the hundred thousand messages took. */
  seconds: number
}

/** Fills the demo school so that Claire Martin has 300 conversations, one of them with 100 000 messages. */
export async function fill(url: string): Promise<FullSchool> {
  const [claire, karim] = [await Api.asPerson(url, 'claire.martin'), await Api.asPerson(url, 'karim.haddad')]
  const office = await Api.asSuperuser(url)
  await office.openContacts()
  const ids = await inParallel(parents, 4, async (index) => Number((await office.create('users', aParent(index))).id))

  const me = 1
  const there = await claire.conversations(me)
  await inParallel(conversations - there.length, 4, async (index) => {
    const id = ids[index]
    const people = id === undefined ? ids.slice(index % 50, (index % 50) + 2 + (index % 29)) : [id]
    const { conversation_id } = await claire.converse(people, id === undefined ? { title: `Sortie ${index} – classe de 5e` } : {})
    await claire.send(conversation_id, sentence(index))
  })

  const { conversation_id: longId } = await claire.converse([6])
  const started = Date.now()
  await write(url, longId, [claire.token, karim.token])
  const seconds = (Date.now() - started) / 1000
  await claire.markAsRead(longId)
  return { longId, karim, seconds }
}

function aParent(index: number) {
  return {
    email: `parent.${index}@demo.example`,
    password,
    passwordConfirm: password,
    first_name: ['Camille', 'Noémie', 'Gaël', 'Aurélie', 'Mohamed'][index % 5],
    last_name: `Bérenger-${index}`,
    role: 'parent',
    establishments: ['0000000000000001'],
    verified: true,
  }
}

const sentences = [
  'Merci beaucoup.',
  'Bonjour, la réunion de jeudi est-elle maintenue ?',
  'Oui, à 17 h 30 en salle 204. Les élèves peuvent venir avec leurs parents, et l’ordre du jour est affiché à la vie scolaire.',
  'D’accord',
  'Il a oublié son cahier de mathématiques ce matin ; pourriez-vous lui donner une feuille ? Je le dépose à la loge vers dix heures, sinon il attendra demain. https://example.org/cahier',
]

function sentence(index: number): string {
  return `${sentences[index % sentences.length]} (${index})`
}

/** Many requests at once: the server commits those that wait together. Node's own client, as the fastest there is. */
async function write(url: string, conversationId: number, tokens: string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  await inParallel(longHistory, atOnce, async (index) => {
    const token = tokens[index % 7 < 4 ? 0 : 1] ?? ''
    await post(agent, `${url}/api/messagerie/messages/${conversationId}/`, token, { content: sentence(index) })
  })
  agent.destroy()
}

function post(agent: Agent, url: string, token: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.once('end', () => {
        if (answer.statusCode === 201) resolve()
        else reject(new Error(`POST ${url}: ${answer.statusCode}`))
      })
    })
    sent.once('error', reject)
    sent.end(JSON.stringify(body))
  })
}

async function inParallel<T>(count: number, lanes: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const index = next
      next += 1
      results[index] = await work(index)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}
