// Makes what browsers and Node can run of applications that use published packages.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../', import.meta.url));

/** Bundles one of the applications in apps/, its packages unmodified, and gives the code. */
export async function bundle(name, platform = 'browser') {
  const { outputFiles } = await build({
    entryPoints: [`apps/${name}.js`], absWorkingDir: folder, bundle: true, write: false, format: 'esm', platform,
    loader: { '.js': 'jsx' }, jsx: 'automatic', logLevel: 'error',
    // Vue asks for the flags that start with two underscores.
    define: {
      'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  });
  return outputFiles[0].text;
}

/** Builds apps/next with Next.js itself: `folder` comes to be that of the pages; `stop()` gives up, and removes all that was built. */
export function buildNext() {
  const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'build', 'apps/next'], {
    cwd: folder, env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => { said += chunk; });
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    folder: ended.then((code) => {
      if (code !== 0) {
        throw new Error(`next build ended with ${code}:\n${said}`);
      }
      return new URL('../apps/next/out/', import.meta.url);
    }),
    async stop() {
      child.kill();
      await ended;
      for (const built of ['.next/', 'out/']) {
        await rm(new URL('../apps/next/' + built, import.meta.url), { recursive: true, force: true });
      }
    },
  };
}
