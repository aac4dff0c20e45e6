// docs/why-401/index.html: the page of src/why-401 with the engine, in one file.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { engineOptions, rawText, root } from '../build.mjs';

const folder = path.join(root, 'src/why-401');
const read = (file) => readFileSync(path.join(root, file), 'utf8');

async function loadRenderPage() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/output/html/page.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    plugins: [rawText],
  });
  const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  return module.renderPage;
}

/** The page as HTML. */
export async function renderWhy401() {
  const { outputFiles } = await build({
    ...engineOptions,
    entryPoints: [path.join(folder, 'page.ts')],
    write: false,
    minify: true,
  });
  const styles = `${read('src/output/html/base.css')}${read('src/why-401/page.css')}`;
  const style = await transform(styles, { loader: 'css', minify: true });
  const renderPage = await loadRenderPage();
  return renderPage({
    title: 'Why 401?',
    style: style.code,
    body: read('src/why-401/page.html').trim(),
    script: outputFiles[0].text,
    data: {},
  });
}
