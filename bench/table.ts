import { arch, cpus, platform, totalmem } from 'node:os';
import type { Figure, Measured } from './figure.ts';

export function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${processors[0]?.model.trim()}, ${memory} GB, ${platform()} ${arch()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function tableOf(results: { figure: Figure; measured: Measured }[]): string {
  const heads = ['figure', 'unit', 'ours p50', 'p95', 'peer', 'peer p50', 'p95', 'ratio', 'target', ''];
  const rows = results.map(({ figure, measured: { ours, peer, ratio, pass } }) => [
    figure.name,
    figure.unit,
    short(ours.p50),
    short(ours.p95),
    peer?.name ?? '–',
    peer ? short(peer.p50) : '–',
    peer ? short(peer.p95) : '–',
    ratio === null ? '–' : short(ratio),
    figure.target,
    pass ? 'met' : 'MISSED',
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Three figures that count. */
export function short(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
