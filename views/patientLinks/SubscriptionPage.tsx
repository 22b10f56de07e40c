import { Csrf } from '../forms/Csrf.tsx';
import type { Reader } from '../reader.ts';
import { PatientPage, type Practice } from './PatientPage.tsx';

export interface SubscriptionProps {
  reader: Reader;
  practice: Practice;
  /** The page's own path. */
  link: string;
  optedOut: boolean;
}

/** Whether emails are wanted, and the button for the other. Names nobody: whoever has the email may open it. */
export function SubscriptionPage({ reader, practice, link, optedOut }: SubscriptionProps) {
  const { subscription } = reader.t.patientLinks;
  return (
    <PatientPage reader={reader} practice={practice} title={subscription.title} link={link}>
      <h1>{subscription.title}</h1>
      <p>{optedOut ? subscription.none(practice.name) : subscription.wanted(practice.name)}</p>
      <form action={`${link}/${optedOut ? 'opting-in' : 'opting-out'}`} method="post">
        <Csrf reader={reader} />
        <button type="submit" class={optedOut ? 'wide' : 'primary wide'}>
          {optedOut ? subscription.optIn : subscription.optOut}
        </button>
      </form>
    </PatientPage>
  );
}
