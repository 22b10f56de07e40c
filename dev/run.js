// Plain JavaScript that every Node understands: an old one gets a sentence instead of a syntax error.
// Usage: node dev/run.js NAME [arguments], which runs dev/NAME.ts in this very process, so that signals reach it directly. What
// the file .env sets, and the environment does not, holds for each of these commands alike.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const wanted = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(
    `Nextvisit needs Node ${wanted.join('.')} or newer, and this is ${process.versions.node}: install one from https://nodejs.org.`,
  );
  process.exitCode = 1;
} else {
  const envFile = fileURLToPath(new URL('../.env', import.meta.url));
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  import('tsx/esm/api')
    .then((tsx) => {
      tsx.register();
      return import(`./${process.argv[2]}.ts`);
    })
    .catch((error) => {
      console.error(
        error.code === 'ERR_MODULE_NOT_FOUND' && /'tsx'/.test(error.message)
          ? 'The packages are not installed yet: run "npm ci" first.'
          : error,
      );
      process.exitCode = 1;
    });
}
