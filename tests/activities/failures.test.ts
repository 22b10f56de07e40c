import type { ApplicationFailure } from '@temporalio/activity';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../activities/failures.ts';
import { Refusal } from '../../domain/refusal.ts';
import { CarrierError } from '../../gateways/carrier.ts';

const everythingIn = (failure: ApplicationFailure) =>
  JSON.stringify([failure.message, failure.stack, failure.type, failure.details, String(failure.cause)]);

describe('what a step fails with', () => {
  it('waits as long as the carrier asks for', () => {
    const failure = failureOf(new CarrierError('temporary', 'rate_limited', 429, 90_000));
    expect(failure).toMatchObject({ type: 'CarrierError', nextRetryDelay: 90_000, nonRetryable: false });
    expect(failure.message).toBe('rate_limited (429)');
  });

  it('is not tried again after a refusal', () => {
    expect(failureOf(new Refusal('not_found'))).toMatchObject({ type: 'not_found', nonRetryable: true });
  });

  it('keeps of the database’s words no more than code, table and constraint', () => {
    const cause = Object.assign(new Error('Key (email)=(robin@example.com) exists'), {
      name: 'PostgresError',
      code: '23505',
      detail: 'robin@example.com',
      table_name: 'patients',
      constraint_name: 'patients_email',
    });
    const failure = failureOf(new DrizzleQueryError('insert into patients', ['robin@example.com'], cause));
    expect(failure).toMatchObject({ type: 'DatabaseFault', nonRetryable: false, cause: undefined });
    expect(failure.message).toContain('23505 patients patients_email');
    expect(everythingIn(failure)).not.toContain('robin');
  });

  it('says that the database was away by the network’s word', () => {
    const away = Object.assign(new Error('connect ECONNREFUSED robin'), { code: 'ECONNREFUSED' });
    const failure = failureOf(new DrizzleQueryError('select', ['robin@example.com'], away));
    expect(failure.message).toContain('ECONNREFUSED');
    expect(everythingIn(failure)).not.toContain('robin');
  });

  it('keeps nothing of what a library says, but where in the code it was', () => {
    const failure = failureOf(new SyntaxError('Unexpected token, "robin@example.com" is not valid JSON'));
    expect(failure).toMatchObject({ type: 'UnexpectedFault', message: 'an unexpected fault (SyntaxError)' });
    expect(failure.stack).toContain('failures.test.ts');
    expect(everythingIn(failure)).not.toContain('robin');
  });
});
