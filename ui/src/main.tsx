import './styles/tokens.css'
import './styles/base.css'
import './styles/page.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { startLanguage } from './i18n/i18n'
import { startWorker } from './pwa/update'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
const page = createRoot(root)
void startLanguage().then(() => {
  page.render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
})

// Not in development, where changes must be visible at once.
if (import.meta.env.PROD) {
  window.addEventListener('load', () => {
    void startWorker()
  })
}
