import type { Logger } from 'pino';
import { noSpans, type Spans } from './spans.ts';

/**
 * Traces by OpenTelemetry, as its standard variables say; none where `wanted` is false. Its packages take some 150 ms and
 * 16 MB, so they are loaded only where traces are wanted.
 */
export async function createSpans(wanted: boolean, service: string, log: Logger): Promise<Spans> {
  if (!wanted) return noSpans;
  const { openTelemetry } = await import('./openTelemetry.ts');
  return openTelemetry(service, log);
}
