import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'lib', 'node_modules', 'e2e', 'measure', 'test-results', 'playwright-report'] },
  js.configs.recommended,
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  { files: ['src/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  { files: ['src/**/*.tsx'], ...jsxA11y.flatConfigs.recommended },
  {
    rules: {
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
    },
  },
  // A dictionary is data: what is looked up in it stands under its key, however long it is.
  { files: ['src/i18n/**/{fr,en,ar}.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['public/display.js', 'public/support.js', 'public/unsupported.js'],
    languageOptions: { globals: Object.fromEntries(['addEventListener', 'document', 'localStorage', 'navigator', 'window'].map((name) => [name, 'readonly'])) },
  },
  {
    files: ['jest.setup.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Element', 'HTMLElement', 'beforeEach', 'document', 'globalThis', 'localStorage', 'navigator', 'sessionStorage', 'window'].map((name) => [name, 'readonly']),
      ),
    },
  },
)
