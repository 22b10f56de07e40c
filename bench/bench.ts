import { runCompiled } from './compiled.ts';

/** `npm run bench`: measures with compiled code only. */
await runCompiled('bench/run.js');
