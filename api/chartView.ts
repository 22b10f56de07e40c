import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { readChart, readChartChoices } from '../domain/chart/read.ts';
import { ChartPage, type ChartProps } from '../views/chart/ChartPage.tsx';

/** What a patient's Chart shows. @throws Refusal not_found */
export async function readChartView(
  { server: { sql }, viewer, staff: { practiceId } }: FastifyRequest,
  patientId: string,
): Promise<ChartProps> {
  const [chart, { defaultIntervalDays }] = await Promise.all([
    readChart(sql, practiceId, patientId),
    readChartChoices(sql, practiceId),
  ]);
  return { viewer, chart, defaultIntervalDays };
}

/** Shows a window: in the page's dialog for htmx; over the patient's Chart without scripts. */
export async function showOverChart(
  request: FastifyRequest,
  reply: FastifyReply,
  patientId: string,
  window: VNode,
  status = 200,
): Promise<FastifyReply> {
  if (request.wantsFragment) return reply.fragment(window, status);
  return reply.page(ChartPage({ ...(await readChartView(request, patientId)), window }), status);
}
