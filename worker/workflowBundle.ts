import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

const besideThis = fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url));

/** The workflows as a worker runs them, with what they are wrapped in. */
export async function bundleWorkflows(logger: Logger, workflowsPath = besideThis): Promise<string> {
  const origin = join(dirname(workflowsPath), `origin${extname(workflowsPath)}`);
  return (await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: [origin], logger })).code;
}
