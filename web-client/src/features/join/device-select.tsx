import { useId } from 'preact/hooks';
import type { Device } from '../../call/devices';
import { t } from '../../i18n';

interface Props {
  label: string;
  devices: readonly Device[];
  value?: string | undefined;
  onChange: (id: string) => void;
}

/** A choice of device; nothing where there is nothing to choose. */
export function DeviceSelect({ label, devices, value, onChange }: Props) {
  const id = useId();
  const named = devices.filter((device) => device.id !== '');
  if (named.length === 0) return null;
  return (
    <div class="field device-row">
      <label for={id}>{label}</label>
      <select id={id} class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {named.map((device, index) => (
          <option key={device.id} value={device.id} selected={device.id === value}>
            {device.label || t('devices.unnamed', { number: index + 1 })}
          </option>
        ))}
      </select>
    </div>
  );
}
