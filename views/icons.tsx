import type { ComponentChildren } from 'preact';

/** Line icons after Lucide (ISC licence). Decoration: the words beside them carry the meaning. */
function Icon({ children, size = 18 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

export const BackIcon = () => <Icon><path d="m15 18-6-6 6-6" /></Icon>;
export const ForwardIcon = () => <Icon><path d="m9 18 6-6-6-6" /></Icon>;
export const SearchIcon = () => <Icon><circle cx="11" cy="11" r="8" /><path d="m21 21-4.3-4.3" /></Icon>;
export const CalendarIcon = ({ size }: { size?: number }) => <Icon size={size}><rect width="18" height="18" x="3" y="4" rx="2" /><path d="M16 2v4M8 2v4M3 10h18" /></Icon>;
/** Booked online from a planned treatment: a globe with a calendar's tick, always in green. */
export const OnlineIcon = ({ size = 16 }: { size?: number }) => <Icon size={size}><circle cx="12" cy="12" r="10" /><path d="M2 12h20M12 2a15 15 0 0 1 0 20M12 2a15 15 0 0 0 0 20" /></Icon>;
export const MessageIcon = () => <Icon><path d="M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2z" /></Icon>;
export const MailIcon = () => <Icon><rect width="20" height="16" x="2" y="4" rx="2" /><path d="m22 7-10 6L2 7" /></Icon>;
export const ClockIcon = () => <Icon><circle cx="12" cy="12" r="10" /><path d="M12 6v6l4 2" /></Icon>;
export const PinIcon = () => <Icon><path d="M20 10c0 6-8 12-8 12s-8-6-8-12a8 8 0 0 1 16 0Z" /><circle cx="12" cy="10" r="3" /></Icon>;
export const PersonIcon = () => <Icon><circle cx="12" cy="8" r="5" /><path d="M20 21a8 8 0 0 0-16 0" /></Icon>;
export const TickIcon = () => <Icon><path d="M20 6 9 17l-5-5" /></Icon>;
export const WarningIcon = () => <Icon><path d="m21.7 18-8-14a2 2 0 0 0-3.5 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.7-3ZM12 9v4M12 17h.01" /></Icon>;
export const LeaveIcon = () => <Icon><path d="M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4M16 17l5-5-5-5M21 12H9" /></Icon>;
export const PhoneIcon = () => <Icon><path d="M22 17v3a2 2 0 0 1-2.2 2 20 20 0 0 1-8.6-3 19.500 19.500 0 0 1-6-6 20 20 0 0 1-3-8.700A2 2 0 0 1 4 2h3a2 2 0 0 1 2 1.700c.100 1 .400 1.900.700 2.800a2 2 0 0 1-.500 2.100L8 10a16 16 0 0 0 6 6l1.300-1.300a2 2 0 0 1 2.100-.400c.900.300 1.800.600 2.800.700A2 2 0 0 1 22 17Z" /></Icon>;
