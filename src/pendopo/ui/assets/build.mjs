// Builds the hall's static files: Sass to CSS, every file under a name that carries its content hash,
// compressed beside the original, and a manifest that maps plain names to built ones.
//
//   node src/pendopo/ui/assets/build.mjs            build once
//   node src/pendopo/ui/assets/build.mjs --stamp    print the hash of all inputs and exit (to skip a needless build)
//
// In:  ui/tokens.json, ui/assets/sass/*.scss, node_modules/govuk-frontend, and <room>/static/<room>/**.
// Out: ui/static/build/<room>/<name>.<hash>.<ext> (+ .gz, .br), ui/static/build/manifest.json, ui/static/build/stamp.
// The output is written to a sibling folder and swapped in, so that a reader never meets half a build.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const HERE = dirname(fileURLToPath(import.meta.url))
const UI = resolve(HERE, '..')
const ROOMS = resolve(UI, '..')
const ROOT = resolve(ROOMS, '../..')
const OUT = join(UI, 'static', 'build')
const SHEETS = ['hall', 'desk', 'charts', 'gallery', 'gallery-overview']
const COMPRESSED = new Set(['.css', '.js', '.mjs', '.svg', '.json', '.txt'])

const tokens = JSON.parse(readFileSync(join(UI, 'tokens.json'), 'utf8'))
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex')

function * filesUnder (folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield * filesUnder(path)
    else yield path
  }
}

/** The static files of all rooms: [public name, path]. A room may only publish under its own name. */
function roomFiles () {
  const found = []
  for (const room of readdirSync(ROOMS).sort()) {
    const own = join(ROOMS, room, 'static', room)
    if (!existsSync(own) || !statSync(own).isDirectory()) continue
    for (const path of filesUnder(own)) found.push([relative(join(ROOMS, room, 'static'), path).split(sep).join('/'), path])
  }
  return found
}

function stamp () {
  const hash = createHash('sha256')
  const inputs = [join(UI, 'tokens.json'), fileURLToPath(import.meta.url), join(ROOT, 'package-lock.json'),
    ...filesUnder(join(HERE, 'sass')), ...roomFiles().map(([, path]) => path)]
  for (const path of inputs) hash.update(relative(ROOT, path)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

/** tokens.json as a Sass module: each colour as a variable, and the custom properties of a theme as a mixin. */
function tokenModule () {
  const properties = (theme) => Object.entries(theme).map(([name, value]) => `  --${name}: #{'${value.replaceAll("'", "\\'")}'};`).join('\n')
  const variables = (prefix, theme) => Object.entries(theme).map(([name, value]) => `$${prefix}${name}: ${value};`).join('\n')
  return [
    variables('', tokens.light), variables('dark-', tokens.dark),
    `$font: ${tokens.shape.font};`,
    `@mixin light {\n${properties({ ...tokens.light, ...tokens.fixed, ...tokens.shape })}\n}`,
    `@mixin dark {\n${properties(tokens.dark)}\n}`
  ].join('\n')
}

async function styles () {
  const sass = await import('sass')
  const tokenImporter = {
    canonicalize: (url) => url === 'pendopo:tokens' ? new URL(url) : null,
    load: () => ({ contents: tokenModule(), syntax: 'scss' })
  }
  const sheets = SHEETS.map((sheet) => {
    const { css } = sass.compile(join(HERE, 'sass', `${sheet}.scss`), {
      style: 'compressed', charset: false, importers: [tokenImporter], loadPaths: [join(ROOT, 'node_modules')], quietDeps: true
    })
    return [sheet, css]
  })
  const drawn = Object.fromEntries(sheets)
  const shown = shownStates(drawn.hall + drawn.desk)
  drawn.gallery += shown.screen
  drawn['gallery-paper'] = shown.paper
  return Object.entries(drawn).map(([sheet, css]) => [`ui/${sheet}.css`, Buffer.from(css)])
}

/** Every style rule of a compressed sheet: its selectors, its body, the at-rules around it. */
function * rules (css, around = []) {
  let at = 0
  for (let open = css.indexOf('{'); open >= 0; open = css.indexOf('{', at)) {
    let end = open + 1
    for (let depth = 1; depth; end++) depth += { '{': 1, '}': -1 }[css[end]] ?? 0
    const [head, inner] = [css.slice(at, open), css.slice(open + 1, end - 1)]
    if (/^@(media|supports)/.test(head)) yield * rules(inner, [...around, head])
    else if (!head.startsWith('@')) yield { selectors: head.split(/,(?![^()]*\))/), inner, around }
    at = end
  }
}

/** For the gallery: what pointer, keyboard and printer see, below a class, so that a picture can hold it still. */
function shownStates (css) {
  const states = { hover: /:hover/g, focus: /:has\(:focus-visible\)|:focus(-visible)?(?![-\w])/g }
  const found = { screen: '', paper: '' }
  for (const { selectors, inner, around } of rules(css)) {
    const isPaper = around.includes('@media print')
    const media = around.filter((rule) => rule !== '@media print')
    const told = isPaper
      ? selectors.map((one) => /^(html|body)$/.test(one) ? '.is-paper' : `.is-paper ${one}`)
      : Object.entries(states).flatMap(([name, state]) => selectors.filter((one) => one.search(state) >= 0 && !one.includes(':not('))
        .map((one) => `.is-${name} ${one.replace(state, '') || ':is(a,button,input,select,textarea,summary)'}`))
    if (told.length) found[isPaper ? 'paper' : 'screen'] += media.map((rule) => `${rule}{`).join('') + `${told.join()}{${isPaper ? inner.replace(/([\d.]+)pt/g, (_, points) => `${points / 12}rem`) : inner}}` + '}'.repeat(media.length)
  }
  return found
}

async function build () {
  const began = performance.now()
  const fresh = `${OUT}.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  const manifest = {}
  const sizes = []
  for (const [name, bytes] of [...await styles(), ...roomFiles().map(([name, path]) => [name, readFileSync(path)])]) {
    const extension = extname(name)
    const built = `${name.slice(0, -extension.length)}.${sha(bytes).slice(0, 12)}${extension}`
    mkdirSync(dirname(join(fresh, built)), { recursive: true })
    writeFileSync(join(fresh, built), bytes)
    manifest[name] = built
    if (COMPRESSED.has(extension)) {
      const gz = gzipSync(bytes, { level: 9 })
      writeFileSync(join(fresh, `${built}.gz`), gz)
      writeFileSync(join(fresh, `${built}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
      sizes.push(`${name} ${(bytes.length / 1000).toFixed(1)} kB, gzip ${(gz.length / 1000).toFixed(1)} kB`)
    }
  }
  writeFileSync(join(fresh, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n')
  writeFileSync(join(fresh, 'stamp'), stamp() + '\n')
  const old = `${OUT}.old.${process.pid}`
  if (existsSync(OUT)) renameSync(OUT, old)
  renameSync(fresh, OUT)
  rmSync(old, { recursive: true, force: true })
  console.log(`${Object.keys(manifest).length} files in ${Math.round(performance.now() - began)} ms: ${sizes.join(' · ')}`)
}

if (process.argv.includes('--stamp')) console.log(stamp())
else await build()
