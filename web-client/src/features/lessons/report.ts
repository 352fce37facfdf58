export type { ReportCard as Report, ReportPerson, SpellCard as Spell } from '../../api/client';
