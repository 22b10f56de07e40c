import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { Logger } from 'pino';

const notFound = 5;

/** Says in the log when a worker's version is not the one that gets the work, and how to make it so. */
export async function sayUnlessCurrent(
  client: Client,
  { deploymentName, buildId }: WorkerDeploymentVersion,
  log: Logger,
): Promise<void> {
  try {
    const { namespace } = client.options;
    const { workerDeploymentInfo } = await client.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName,
    });
    const current = workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId;
    if (current === buildId) return;
    const names = { deploymentName, buildId, current: current ?? 'none' };
    if (current) log.info(names, 'another version of the deployment gets the work');
    else
      log.warn(
        names,
        'no version of the deployment is the current one, so no booking goes on: temporal worker deployment set-current-version',
      );
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) !== notFound)
      log.warn({ err: error }, 'it is not known which version of the deployment gets the work');
  }
}
