// Drawn stand-ins for what a lesson shows, so that layouts can be judged without a server or a camera.

type Language = string;

/** A slide about a charging circuit. */
export function slide(lang: Language): string {
  const L = (ar: string, fr: string) => (lang === 'ar' ? ar : fr);
  const rtl = lang === 'ar',
    T = (x: number, y: number, s: string, size: number, o = '') =>
      `<text x="${x}" y="${y}" font-size="${size}" ${o}>${s}</text>`;
  const rows: [string, string][] = [
    [L('المحرّك متوقف', 'Moteur à l’arrêt'), '12,6 V'],
    [L('السرعة البطيئة', 'Au ralenti'), '14,2 V'],
    [L('ثلاثة آلاف دورة والأضواء مشعلة', '3 000 tr/min, phares allumés'), '13,9 V'],
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" viewBox="0 0 1280 720" font-family="DejaVu Sans" fill="#17211d" direction="ltr">
  <rect width="1280" height="720" fill="#fff"/>
  <g direction="${rtl ? 'rtl' : 'ltr'}">${rtl ? T(1220, 92, 'دارة الشحن: هل يشحن المنوّب البطارية؟', 44, 'font-weight="600"') : T(60, 92, 'Circuit de charge : l’alternateur charge-t-il ?', 44, 'font-weight="600"')}</g>
  <path d="M60 128H1220" stroke="#d3d8cf" stroke-width="2"/>
  <g fill="none" stroke-width="6" stroke-linejoin="round">
    <path d="M250 420V230H720V356" stroke="#b3261e"/>
    <path d="M470 230v84h60m46 0h28m52 0h24v56" stroke="#2b5d8a" stroke-width="4"/><path d="m530 314 44-22" stroke="#2b5d8a" stroke-width="4"/>
    <path d="M170 560v62H720v-92M250 330h110v66m0 88v138" stroke="#17211d" stroke-width="4"/>
    <path d="M420 622v18m-26 0h52m-42 12h32m-22 12h12" stroke="#17211d" stroke-width="4"/>
    <rect x="110" y="432" width="200" height="128" rx="6" fill="#eef1ec" stroke="#17211d" stroke-width="4"/>
    <path d="M150 432v-16h40v16m40 0v-16h40v16" stroke="#17211d" stroke-width="4" fill="#17211d"/>
    <rect x="560" y="215" width="76" height="30" fill="#fff" stroke="#17211d" stroke-width="4"/><path d="M560 230h76" stroke="#b3261e" stroke-width="3"/>
    <circle cx="630" cy="314" r="26" fill="#fff" stroke="#17211d" stroke-width="4"/><path d="m612 296 36 36m0-36-36 36" stroke="#17211d" stroke-width="3.5"/>
    <circle cx="720" cy="446" r="90" fill="#eef1ec" stroke="#17211d" stroke-width="5"/><path d="M682 478q19-34 38 0t38 0" stroke="#17211d" stroke-width="4"/>
    <circle cx="360" cy="440" r="44" fill="#fff" stroke="#17211d" stroke-width="4"/>
  </g>
  <g font-weight="600">${T(210, 508, '12 V', 34, 'text-anchor="middle"')}${T(720, 440, 'G', 50, 'text-anchor="middle"')}${T(360, 454, 'V', 38, 'text-anchor="middle"')}
  ${T(742, 346, 'B+', 28)}${T(160, 468, '−', 30)}${T(252, 468, '+', 30)}${T(650, 362, 'L', 26)}</g>
  <g fill="#b3261e"><path d="m380 216-26 14 26 14Z"/><path d="m706 300 14-26 14 26Z"/></g>
  <g font-size="24" fill="#46524b" text-anchor="middle" direction="${rtl ? 'rtl' : 'ltr'}">${T(210, 598, '', 24)}${T(250, 200, '', 24)}
  ${T(598, 200, L('فاصم \u206680 A\u2069', 'Fusible 80 A'), 24)}${T(596, 376, L('مصباح الشحن', 'Témoin'), 24, 'dx="-46"')}<g text-anchor="${rtl ? 'start' : 'end'}">${T(704, 580, L('المنوّب', 'Alternateur'), 24)}</g>${T(210, 392, L('', ''), 24)}${T(96, 400, L('البطارية', 'Batterie'), 26, 'dx="24"')}${T(420, 694, L('كتلة الهيكل', 'Masse'), 24)}</g>
  <g><rect x="420" y="414" width="112" height="52" rx="4" fill="#fff"/>${T(476, 451, '14,2 V', 34, 'font-weight="600" fill="#b3261e" text-anchor="middle"')}</g>
  <path d="M300 446c-8-46 44-66 120-68 82-2 138 22 134 66-4 42-70 58-138 56-68-1-118-18-112-60" fill="none" stroke="#d98a00" stroke-width="6" stroke-linecap="round"/>
  <g direction="${rtl ? 'rtl' : 'ltr'}">${rows
    .map(([a, b], i) => {
      const y = 236 + i * 128;
      return `<rect x="872" y="${y - 48}" width="348" height="108" rx="8" fill="${i === 1 ? '#fbf0d9' : '#f1f3ee'}"/>${T(rtl ? 1200 : 892, y - 10, a, a.length > 24 ? 21 : 25, 'fill="#46524b"')}<g direction="ltr">${T(rtl ? 1200 : 892, y + 40, b, 42, `font-weight="600" text-anchor="${rtl ? 'end' : 'start'}"`)}</g>`;
    })
    .join('')}
  ${T(rtl ? 1220 : 872, 622, L('القاعدة: بين 13,8 و14,4 فولط', 'Règle : entre 13,8 et 14,4 V'), 26, 'font-weight="600"')}${T(rtl ? 1220 : 872, 660, L('أقل من ذلك: افحص الحزام ثم المنظّم.', 'En dessous : courroie, régulateur.'), 23, 'fill="#46524b"')}</g>
  </svg>`;
}

/** Somebody before a shelf: tones only. */
export function camera(v = 0): string {
  const p =
    [
      ['#cfd6cf', '#aeb9b0', '#3f5a52', '#6b4f3d', '#22312c'],
      ['#d8d3c8', '#bfb8a9', '#7a5a36', '#8a6748', '#2a2620'],
    ][v] ?? [];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 320 180"><rect width="320" height="180" fill="${p[0]}"/><path d="M0 0h92v180H0z" fill="${p[1]}"/><path d="M14 26h64v4H14zm0 42h64v4H14zm0 42h64v4H14z" fill="${p[4]}" opacity=".45"/><path d="M20 8h10v18H20zm14 6h8v12h-8zm16-8h14v20H50zM22 48h18v20H22zm24 6h8v14h-8zm14-8h10v22H60zM20 92h12v18H20zm18 4h22v14H38z" fill="${p[4]}" opacity=".3"/><path d="M232 24h70v48h-70z" fill="#f4f5f1"/><path d="M240 34h40m-40 10h54m-54 10h30" stroke="${p[1]}" stroke-width="3"/>
  ${
    v === 0
      ? `<path d="M88 180c2-42 30-56 52-61h44c22 5 50 19 52 61z" fill="${p[2]}"/><path d="M126 122c-8-14-12-36-8-56 5-24 24-36 44-36s39 12 44 36c4 20 0 42-8 56-8 10-22 16-36 16s-28-6-36-16z" fill="${p[4]}"/><ellipse cx="162" cy="80" rx="25" ry="32" fill="${p[3]}"/>`
      : `<path d="M84 180c2-40 28-54 50-58l14-6h28l14 6c22 4 48 18 50 58z" fill="${p[2]}"/><path d="M146 102h32v20c-8 10-24 10-32 0z" fill="#775539"/><ellipse cx="162" cy="76" rx="28" ry="36" fill="${p[3]}"/><path d="M132 74c-2-30 12-44 30-44s33 13 30 44c-4-10-8-18-12-22-12 4-26 4-36 0-5 4-10 12-12 22z" fill="${p[4]}"/>`
  }</svg>`;
}
