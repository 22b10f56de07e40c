import { describe, expect, it } from 'vitest';
import { findingsIn } from '../../dev/auditDependencies.ts';

const weakness = (name: string, severity: string) => ({
  [name]: { name, severity, via: [{ title: 'Bad', url: `https://example.com/${name}` }, 'other'] },
});

describe('the audit of dependencies', () => {
  it('finds what is serious, and says where it is described', () => {
    const said = { vulnerabilities: { ...weakness('one', 'critical'), ...weakness('two', 'high') } };
    expect(findingsIn(JSON.stringify(said))).toEqual([
      { name: 'one', severity: 'critical', about: ['https://example.com/one', 'by other'] },
      { name: 'two', severity: 'high', about: ['https://example.com/two', 'by other'] },
    ]);
  });

  it('lets pass what is slight', () => {
    const said = { vulnerabilities: { ...weakness('one', 'moderate'), ...weakness('two', 'low') } };
    expect(findingsIn(JSON.stringify(said))).toEqual([]);
    expect(findingsIn('{"vulnerabilities":{}}')).toEqual([]);
  });

  it('takes no answer for no answer, not for a clean one', () => {
    const refused = { message: '405 Method Not Allowed', statusCode: 405, error: { summary: '', detail: '' } };
    for (const said of ['', 'npm error network', JSON.stringify(refused)]) expect(findingsIn(said)).toBeNull();
  });
});
