import type { SixPlurals } from '../translation'
import type { fr } from './fr'

export const ar: SixPlurals<typeof fr> = {
  title: 'الرموز التعبيرية',
  search: 'البحث عن رمز تعبيري',
  recent: 'المستخدمة مؤخرًا',
  loading: 'جارٍ تحميل الرموز التعبيرية…',
  failed: 'تعذّر تحميل الرموز التعبيرية.',
  retry: 'إعادة المحاولة',
  close: 'إغلاق',
  none: 'لا يوجد رمز تعبيري يطابق «{{query}}»',
  tone: {
    label: 'لون البشرة',
    none: 'اللون الافتراضي',
    light: 'بشرة فاتحة',
    mediumLight: 'بشرة فاتحة ومعتدلة',
    medium: 'بشرة معتدلة',
    mediumDark: 'بشرة متوسطة السُمرة',
    dark: 'بشرة داكنة',
  },
  group: {
    smileys: 'الوجوه والمشاعر',
    people: 'الأشخاص والإيماءات',
    animals: 'الحيوانات والطبيعة',
    food: 'الأطعمة والمشروبات',
    travel: 'السفر والأماكن',
    activities: 'الأنشطة',
    objects: 'الأشياء',
    symbols: 'الرموز',
    flags: 'الأعلام',
  },
}
