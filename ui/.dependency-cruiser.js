const test = '\\.test\\.tsx?$'

/** A rule that what lies in `from` imports nothing of ours but what lies in `to`; tests may. */
function mayImport(name, comment, from, to) {
  return { name, comment, severity: 'error', from: { path: from, pathNot: test }, to: { path: '^(src|e2e|measure)/', pathNot: to } }
}

/**
 * The direction of imports: app → {chat, session, pwa} → {parts, actions} → i18n → {lib, protocol}.
 * Types count as well: who reads one file shouldn't have to read all of them.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-testing-aids',
      comment: 'src/testing is for tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${test}|^src/testing/` },
      to: { path: `^src/testing/|${test}` },
    },
    mayImport('leaves', 'lib and protocol import nothing else of ours.', '^src/(lib|protocol)/', '^src/$1/'),
    mayImport('i18n', 'i18n imports lib and protocol only.', '^src/i18n/', '^src/(i18n|lib|protocol)/'),
    mayImport('parts-and-actions', 'parts and actions know no feature, nor each other.', '^src/(parts|actions)/', '^src/($1|i18n|lib|protocol)/'),
    mayImport(
      'features',
      'A feature knows neither the app nor another feature.',
      '^src/(chat|session|pwa)/',
      '^src/($1|parts|actions|i18n|lib|protocol)/',
    ),
    mayImport('state', 'The state of the chat knows none of its rooms.', '^src/chat/state/', '^src/(chat/state|parts|actions|i18n|lib|protocol)/'),
    mayImport(
      'rooms',
      'A room of the chat uses the state, and of another room only its door, named here.',
      '^src/chat/([^/]+)/',
      '^src/(chat/($1|state)|parts|actions|i18n|lib|protocol)/|^src/chat/(composer/composerField|people/AddPeople|socket/useWebSocket)\\.tsx?$',
    ),
    mayImport('e2e', 'What runs in a browser knows of the client only its words.', '^(e2e|measure)/', '^(e2e|measure|src/i18n)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}
