/** Builds every browser program into `dist/`, the only folder served, and its `manifest.json`.
 *
 * The launcher keeps one fixed name because shops paste its address into their pages; everything
 * else carries the hash of its content. A program that outgrows its budget fails the build. */

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import { INNER_NAMES, slimSocket } from './slim.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, 'src')
const dist = join(here, 'dist')

/** Bytes after gzip. */
// 1.2 and 24 KB; the last bytes are room for the gzip of another Node.
const LAUNCHER_BUDGET = 1_228
const WIDGET_BUDGET = 24_576

const shared = {
  bundle: true, minify: true, write: false, charset: 'utf8', legalComments: 'none',
  target: ['es2022', 'chrome99', 'firefox101', 'safari15.4'], absWorkingDir: here,
  logLevel: 'warning',
}

const files = new Map()
const manifest = {}

/** The first value that `tokens.css` gives a name: that of the light set. */
async function token(name) {
  const tokens = await readFile(join(source, 'shared/tokens.css'), 'utf8')
  const value = new RegExp(`^\\s*${name}: ([^;]+);`, 'm').exec(tokens)
  if (!value) throw new Error(`build: tokens.css has no ${name}`)
  return value[1]
}

/** Keeps of the tokens only what the panel's styles name: the panel has a size budget. */
function onlyUsed(tokens, styles) {
  let kept = tokens
  for (let before = ''; before !== kept;) {
    before = kept
    kept = kept.replace(/^\s*(--[\w-]+):[^;]*;/gm, (line, name) =>
      `${styles}${before}`.includes(`var(${name}`) ? line : '')
  }
  return kept.replace(/^@layer [^{};]*;/gm, '').replaceAll(/:root[^,{]*,\s*:host/g, ':host')
}

async function shadowText(path) {
  const css = await readFile(path, 'utf8')
  if (basename(path) !== 'tokens.css') return css
  const folder = join(source, 'widget')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.css'))
  const styles = names.map((name) => readFile(join(folder, name), 'utf8'))
  return onlyUsed(css, (await Promise.all(styles)).join(''))
}

/** Styles inside a shadow root are text of the program itself. */
const shadowStyles = {
  name: 'shadow-styles',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await shadowText(path)
      const how = { loader: 'css', minify: true, charset: 'utf8' }
      const { code } = await esbuild.transform(css, how)
      return { contents: code.trim(), loader: 'text' }
    })
  },
}

/** Of an icon's file only the shapes are of use; the frame around them is drawn by us. */
const iconShapes = {
  name: 'icon-shapes',
  setup(build) {
    build.onLoad({ filter: /lucide-static.+icons.+\.mjs$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8'))
        .replace(/\s*<svg[^>]*>\s*/, '').replace(/\s*<\/svg>\s*/, '').replace(/\s*\n\s*</g, '<'),
      loader: 'js',
    }))
  },
}

function hashed(name, contents) {
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 10)
  const end = extname(name)
  return `${basename(name, end)}-${hash}${end}`
}

function add(name, contents, published = hashed(name, contents)) {
  files.set(published, contents)
  manifest[name] = `/static/${published}`
}

/** The one path of a one-path icon. */
async function outline(name) {
  const svg = await readFile(join(here, `node_modules/lucide-static/icons/${name}.svg`), 'utf8')
  return /<path\s+d="([^"]+)"/.exec(svg)[1]
}

/** The shop's page may be in GBK: the launcher, which no one can mark as UTF-8, is plain ASCII. */
async function widgetPart(name, define) {
  const built = await esbuild.build({
    ...shared, charset: name === 'launcher' ? 'ascii' : 'utf8', format: 'iife',
    entryPoints: [join(source, `widget/${name}.ts`)],
    plugins: [shadowStyles, iconShapes, slimSocket], mangleProps: INNER_NAMES, mangleQuoted: true,
    define: Object.fromEntries(
      Object.entries(define).map(([key, value]) => [key, JSON.stringify(value)])),
  })
  return built.outputFiles[0].contents
}

/** Panel, forms and uploads are built once per language and carry only that one. */
async function buildWidget() {
  for (const [LANG, end] of [['zh-CN', 'js'], ['en', 'en.js']]) {
    add(`forms.${end}`, await widgetPart('forms', { LANG }))
    add(`uploads.${end}`, await widgetPart('uploads', { LANG }))
    add(`panel.${end}`, await widgetPart('panel', {
      LANG, FORMS: manifest[`forms.${end}`], UPLOADS: manifest[`uploads.${end}`],
    }))
  }
  add('widget.js', await widgetPart('launcher', {
    PANEL_ZH: manifest['panel.js'], PANEL_EN: manifest['panel.en.js'],
    ACCENT: await token('--accent'), BUBBLE: await outline('message-circle'),
  }), 'widget.js')
}

async function buildConsole() {
  const built = await esbuild.build({
    ...shared, format: 'esm', splitting: true, outdir: dist, jsx: 'automatic',
    jsxImportSource: 'preact', metafile: true, plugins: [iconShapes],
    entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]',
    entryPoints: [
      { in: join(source, 'login/main.tsx'), out: 'login' },
      { in: join(source, 'desk/main.tsx'), out: 'desk' },
      { in: join(source, 'owner/main.tsx'), out: 'owner' },
      { in: join(source, 'settings/main.tsx'), out: 'settings' },
      { in: join(source, 'sandbox/main.tsx'), out: 'sandbox' },
    ],
  })
  for (const { path, contents } of built.outputFiles) files.set(basename(path), contents)
  for (const [path, output] of Object.entries(built.metafile.outputs)) {
    if (!output.entryPoint) continue
    const program = basename(dirname(output.entryPoint))
    manifest[`${program}.js`] = `/static/${basename(path)}`
    if (output.cssBundle) manifest[`${program}.css`] = `/static/${basename(output.cssBundle)}`
  }
}

async function buildDemo() {
  const folder = join(source, 'demo')
  for (const name of await readdir(folder)) {
    if (name.endsWith('.svg')) add(name, await readFile(join(folder, name)))
  }
  const styles = await esbuild.build({
    ...shared, entryPoints: [join(folder, 'demo.css')], external: ['*.svg'],
  })
  add('demo.css', styles.outputFiles[0].contents)
}

function size(name) {
  return gzipSync(files.get(basename(manifest[name])), { level: 9 }).length
}

function checkBudgets() {
  const launcher = size('widget.js')
  const widget = launcher + Math.max(size('panel.js'), size('panel.en.js'))
  console.log(`launcher ${launcher} of ${LAUNCHER_BUDGET} bytes gzip, `
    + `launcher + panel + socket ${widget} of ${WIDGET_BUDGET}`)
  if (launcher > LAUNCHER_BUDGET || widget > WIDGET_BUDGET) {
    throw new Error('build: the widget is over its size budget')
  }
}

/** New files first, stale ones last, so that a running server always has a complete set. */
async function publish() {
  await mkdir(dist, { recursive: true })
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`)
  for (const [name, contents] of files) await writeFile(join(dist, name), contents)
  for (const name of await readdir(dist)) {
    if (!files.has(name)) await rm(join(dist, name), { recursive: true })
  }
}

await Promise.all([buildWidget(), buildConsole(), buildDemo()])
checkBudgets()
await publish()
