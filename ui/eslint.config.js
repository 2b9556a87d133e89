import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Forbids a folder to import from the named ones: arrows point one way only. */
function mayNotImport(files, ...folders) {
  return {
    files: [files],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: folders.map((folder) => ({
            group: [`**/${folder}`, `**/${folder}/**`],
            message: 'lib, i18n, protocol ← actions ← session, chat, email ← App',
          })),
        },
      ],
    },
  }
}

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
  { files: ['src/i18n/{fr,en,ar}.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['jest.setup.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Element', 'HTMLElement', 'beforeEach', 'document', 'globalThis', 'localStorage', 'window'].map((name) => [name, 'readonly']),
      ),
    },
  },
  mayNotImport('src/protocol.ts', 'lib', 'i18n', 'actions', 'session', 'chat', 'email', 'App', 'testing'),
  mayNotImport('src/lib/**', 'i18n', 'actions', 'session', 'chat', 'email', 'App', 'testing'),
  mayNotImport('src/i18n/**', 'actions', 'session', 'chat', 'email', 'App', 'testing'),
  mayNotImport('src/actions/**', 'session', 'chat', 'email', 'App', 'testing'),
  mayNotImport('src/session/**', 'chat', 'email', 'App', 'testing'),
  mayNotImport('src/chat/**', 'session', 'email', 'App', 'testing'),
)
