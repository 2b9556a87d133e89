// Writes the library's types beside its code.
import ts from 'typescript'

const tsconfig = ts.readConfigFile('tsconfig.json', ts.sys.readFile).config
const { options } = ts.parseJsonConfigFileContent(
  {
    ...tsconfig,
    compilerOptions: { ...tsconfig.compilerOptions, noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: 'src', outDir: 'lib' },
  },
  ts.sys,
  '.',
)
const program = ts.createProgram(['src/index.ts', 'src/i18n/i18next.d.ts'], options)
const { diagnostics } = program.emit(undefined, (file, text) => {
  ts.sys.writeFile(file, asPublished(text))
})
const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
const format = { getCanonicalFileName: String, getCurrentDirectory: ts.sys.getCurrentDirectory, getNewLine: () => '\n' }
if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, format))

// Nor would a compiler know what an import of styles is.
ts.sys.writeFile('lib/styles.css.d.ts', 'export {}\n')

/** Not every host's compiler guesses the ending of a file, and none knows a type of a style. */
function asPublished(text) {
  return text.replaceAll(/^import '[^']+\.css';\n/gm, '').replaceAll(/(\bfrom |\bimport\()(['"])(\.[^'"]+)\2/g, '$1$2$3.js$2')
}
