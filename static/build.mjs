/** Builds every browser program into `dist/`, the only folder served, and its `manifest.json`.
 *
 * The launcher keeps one fixed name because shops paste its address into their pages; everything
 * else carries the hash of its content. A program that outgrows its budget fails the build. */

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, 'src')
const dist = join(here, 'dist')

/** Bytes after gzip. */
const LAUNCHER_BUDGET = 1_200
const WIDGET_BUDGET = 24_000

const shared = {
  bundle: true, minify: true, write: false, charset: 'utf8', legalComments: 'none',
  target: ['es2022', 'chrome99', 'firefox101', 'safari15.4'], absWorkingDir: here,
  logLevel: 'warning',
}

const files = new Map()
const manifest = {}

/** Keeps of the tokens only what the widget's own styles name: the panel has a size budget. */
function onlyUsed(tokens, styles) {
  let kept = tokens
  for (let before = ''; before !== kept;) {
    before = kept
    kept = kept.replace(/^\s*(--[\w-]+):[^;]*;/gm, (line, name) =>
      `${styles}${before}`.includes(`var(${name})`) ? line : '')
  }
  return kept.replace(/^@layer [^{};]*;/gm, '')
}

/** Styles inside a shadow root are text of the program itself. */
const shadowStyles = {
  name: 'shadow-styles',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      let css = await readFile(path, 'utf8')
      if (basename(path) === 'tokens.css') {
        css = onlyUsed(css, await readFile(join(source, 'widget/panel.css'), 'utf8'))
      }
      const { code } = await esbuild.transform(css, { loader: 'css', minify: true, charset: 'utf8' })
      return { contents: code.trim(), loader: 'text' }
    })
  },
}

/** The widget talks over WebSocket or polling; the third transport of the library is left out. */
const withoutWebTransport = {
  name: 'without-webtransport',
  setup(build) {
    build.onLoad({ filter: /transports[\\/]webtransport\.js$/ }, () => ({
      contents: 'export class WT {}', loader: 'js',
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

async function buildWidget() {
  const panel = await esbuild.build({
    ...shared, entryPoints: [join(source, 'widget/panel.ts')], format: 'iife',
    plugins: [shadowStyles, withoutWebTransport],
  })
  add('panel.js', panel.outputFiles[0].contents)
  const launcher = await esbuild.build({
    ...shared, entryPoints: [join(source, 'widget/launcher.ts')], format: 'iife',
    plugins: [shadowStyles], define: { PANEL_PATH: JSON.stringify(manifest['panel.js']) },
  })
  add('widget.js', launcher.outputFiles[0].contents, 'widget.js')
}

async function buildConsole() {
  const built = await esbuild.build({
    ...shared, format: 'esm', splitting: true, outdir: dist, jsx: 'automatic',
    jsxImportSource: 'preact', metafile: true,
    entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]',
    entryPoints: [
      { in: join(source, 'login/main.tsx'), out: 'login' },
      { in: join(source, 'desk/main.tsx'), out: 'desk' },
    ].filter((entry) => existsSync(entry.in)),
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
  const widget = launcher + size('panel.js')
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
