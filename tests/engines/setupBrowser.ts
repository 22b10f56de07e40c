import type { TestProject } from 'vitest/node';
import { provide } from './setup.ts';

/** The engines, and a Chromium unpacked once for all browser tests. */
export default (project: TestProject) => provide(project, 'postgres', 'temporal', 'chromium');
