const test = '\\.test\\.tsx?$'

/** A rule that files in `from` import nothing of ours except files in `to`; tests may. */
function mayImport(name, comment, from, to) {
  return { name, comment, severity: 'error', from: { path: from, pathNot: test }, to: { path: '^(src|e2e|measure)/', pathNot: to } }
}

/**
 * The direction of imports: app → {chat, admin, session, pwa} → {parts, actions} → i18n → {lib, protocol}.
 * Types count as well: reading one file shouldn't mean reading all of them.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-testing-aids',
      comment: 'src/testing is only for tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${test}|^src/testing/` },
      to: { path: `^src/testing/|${test}` },
    },
    mayImport('leaves', 'lib and protocol import nothing else of ours.', '^src/(lib|protocol)/', '^src/$1/'),
    mayImport('i18n', 'i18n imports lib and protocol only.', '^src/i18n/', '^src/(i18n|lib|protocol)/'),
    mayImport('parts-and-actions', 'parts and actions import no features, nor each other.', '^src/(parts|actions)/', '^src/($1|i18n|lib|protocol)/'),
    mayImport(
      'features',
      'A feature imports neither the app nor another feature.',
      '^src/(chat|admin|session|pwa)/',
      '^src/($1|parts|actions|i18n|lib|protocol)/',
    ),
    mayImport('state', 'The state of the chat imports no other folder of the chat.', '^src/chat/state/', '^src/(chat/state|parts|actions|i18n|lib|protocol)/'),
    mayImport(
      'chat',
      'A folder of the chat uses the state, and of another folder only the files named here.',
      '^src/chat/([^/]+)/',
      '^src/(chat/($1|state)|parts|actions|i18n|lib|protocol)/|^src/chat/(composer/composerField|emoji/(parts|EmojiButton)|files/parts|messages/(MessageState|useRowFocus)|people/AddPeople|socket/useWebSocket)\\.tsx?$',
    ),
    mayImport('e2e', 'Tests in a browser import only the texts of the client.', '^(e2e|measure)/', '^(e2e|measure|src/i18n)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}
