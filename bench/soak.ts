import { runCompiled } from './compiled.ts';

/** `npm run soak`: a practice's week in twenty minutes, or in as many as are asked for (`-- 5`). */
await runCompiled('bench/soak/run.js');
