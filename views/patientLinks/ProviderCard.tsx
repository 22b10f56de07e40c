import { initials } from '../layout/StaffPage.tsx';
import type { Reader } from '../reader.ts';

export interface ShownProvider {
  id: string | null;
  title: string;
  name: string;
  hasPicture: boolean;
}

/** Who treats: picture, title and name. */
export function ProviderCard({ reader, provider }: { reader: Reader; provider: ShownProvider }) {
  return (
    <div class="provider-card">
      {provider.hasPicture && provider.id ? (
        <img src={`/providers/${provider.id}/picture`} alt="" width={72} height={72} />
      ) : (
        <span class="avatar big" aria-hidden="true">
          {initials(provider.name)}
        </span>
      )}
      <p>
        <span class="hint">{reader.t.patientLinks.who}</span>
        <strong>{`${provider.title} ${provider.name}`.trim()}</strong>
      </p>
    </div>
  );
}
