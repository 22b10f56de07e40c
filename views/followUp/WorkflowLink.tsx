import { workflowIdOf } from '../../domain/contract.ts';
import { LinkOutIcon } from '../icons.tsx';
import type { Viewer } from '../reader.ts';

/** A manager's way to the booking's workflow in the Temporal UI. */
export function WorkflowLink({ viewer, bookingId }: { viewer: Viewer; bookingId: string | null }) {
  if (viewer.role !== 'manager' || !viewer.temporalUiUrl || !bookingId) return null;
  return (
    <a
      class="button quiet"
      href={`${viewer.temporalUiUrl}/workflows/${workflowIdOf(bookingId)}`}
      target="_blank"
      rel="noreferrer"
    >
      {viewer.t.followUp.workflow} <LinkOutIcon size={14} />
    </a>
  );
}
