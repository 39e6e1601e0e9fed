// Makes dist/ for the npm package: TypeScript to JavaScript (types are checked by `npm run check`, not here), shader text
// to JavaScript modules. Nothing in dist imports
// .ts or .wgsl. The folders of dist are those of src, so that relative paths to schema/ and assets/ stay right.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [src, dist] = [path.join(root, 'src'), path.join(root, 'dist')];

// the page beside it is made by vite, which clears its own folder
for (const name of fs.existsSync(dist) ? fs.readdirSync(dist) : []) {
  if (name !== 'web') fs.rmSync(path.join(dist, name), { recursive: true, force: true });
}
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

const isPage = (name) => name.split(path.sep)[0] === 'web';
const files = (folder) =>
  fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !isPage(name));
const isHandWritten = (name) => /\.js$|\.generated\.d\.ts$/.test(name);
for (const name of files(src).filter(isHandWritten)) fs.copyFileSync(path.join(src, name), path.join(dist, name));
for (const name of files(dist).filter((file) => /\.(js|d\.ts)$/.test(file))) rewriteImports(name);

/** Turns the specifiers that only work from source into their counterparts in dist. */
function rewriteImports(name) {
  const file = path.join(dist, name);
  const text = fs.readFileSync(file, 'utf8');
  const withShaders = text.replace(/(from |import )(['"])([^'"]+\.wgsl)\2/g, (_, keyword, quote, specifier) => {
    const shader = path.resolve(src, path.dirname(name), specifier);
    return `${keyword}${quote}${shaderModule(shader, path.dirname(file))}${quote}`;
  });
  const isDeclaration = name.endsWith('.d.ts'); // tsc leaves those as they are
  const rewritten = isDeclaration ? withShaders.replace(/(['"])(\.{1,2}\/[^'"]+)\.ts\1/g, '$1$2.js$1') : withShaders;
  if (rewritten !== text) fs.writeFileSync(file, rewritten);
}

/** Writes dist/shaders/x.wgsl.js for shaders/x.wgsl and gives the specifier that imports it from `folder`. */
function shaderModule(shader, folder) {
  const module = path.join(dist, `${path.relative(root, shader)}.js`);
  fs.mkdirSync(path.dirname(module), { recursive: true });
  fs.writeFileSync(module, `export default ${JSON.stringify(fs.readFileSync(shader, 'utf8'))};\n`);
  const relative = path.relative(folder, module).split(path.sep).join('/');
  return relative.startsWith('.') ? relative : `./${relative}`;
}
