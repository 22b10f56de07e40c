import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A weakness that the registry knows of in something that runs in production. */
export interface Finding {
  name: string;
  severity: string;
  /** Where it is described. */
  about: string[];
}

const serious = new Set(['high', 'critical']);

interface Answer {
  vulnerabilities?: Record<
    string,
    { name: string; severity: string; via: (string | { url?: string; title?: string })[] }
  >;
}

/** The serious findings in what `npm audit --omit=dev --json` said; null where the service gave no answer. */
export function findingsIn(said: string): Finding[] | null {
  const { vulnerabilities } = readAnswer(said);
  if (!vulnerabilities) return null;
  return Object.values(vulnerabilities)
    .filter(({ severity }) => serious.has(severity))
    .map(({ name, severity, via }) => ({
      name,
      severity,
      about: via.map((one) => (typeof one === 'string' ? `by ${one}` : (one.url ?? one.title ?? 'no description'))),
    }));
}

function readAnswer(said: string): Answer {
  try {
    return JSON.parse(said) as Answer;
  } catch {
    return {};
  }
}

/**
 * `npm run check:audit`: fails on a serious weakness in production's dependencies and on nothing else. Where the service
 * cannot be asked it says so, since silence would read as a clean bill.
 */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=1', '--fetch-timeout=20000'];
  execFile('npm', args, { timeout: 60_000, maxBuffer: 64 * 2 ** 20 }, (_error, said) => {
    const findings = findingsIn(said);
    if (findings === null) {
      console.log(
        'NOT AUDITED: the registry’s advisory service did not answer, so nothing is known of the dependencies.',
      );
    } else if (findings.length === 0) {
      console.log('No serious weakness is known in what runs in production.');
    } else {
      for (const { name, severity, about } of findings) console.error(`${severity}: ${name} (${about.join(', ')})`);
      process.exitCode = 1;
    }
  });
}
