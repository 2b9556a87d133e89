import { configureConnection, fetchMe, InstantChat, setLanguage } from 'messagerie-ui'
import 'messagerie-ui/styles.css'
import { createRoot } from 'react-dom/client'

const { baseUrl, token } = await (await fetch('/messagerie.json')).json() // or wherever you have them
configureConnection({ baseUrl, getToken: () => token })
await setLanguage('fr')

const me = await fetchMe()
const chat = <InstantChat userProfileId={me.id} establishmentId={me.establishments[0].id} />
createRoot(document.getElementById('chat') as HTMLElement).render(chat)
