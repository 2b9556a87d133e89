package email

import (
	"fmt"
	"strconv"
	"time"
)

// invitationTexts are those of an invitation in one language; %s are, in their order, names or a date.
type invitationTexts struct {
	Subject   string // school
	Greeting  string // person
	WhoPerson string // sender, school
	WhoSchool string // school
	Button    string
	Expires   string // date
	Private   string
	Otherwise string
	Identity  string
	Code      string
	Unknown   string
	Colon     string
	firstDay  string // of a month
	months    [12]string
}

var invitationLanguages = map[string]invitationTexts{
	"fr": {
		Subject:   "%s : votre accès à la messagerie",
		Greeting:  "Bonjour %s,",
		WhoPerson: "%s vous invite à rejoindre la messagerie de l’établissement %s.",
		WhoSchool: "L’établissement %s vous invite à rejoindre sa messagerie.",
		Button:    "Choisir mon mot de passe",
		Expires:   "Ce lien ne sert qu’une fois, jusqu’au %s.",
		Private:   "Il est personnel : ne le transmettez à personne.",
		Otherwise: "Le lien ne s’ouvre pas ? Recopiez cette adresse dans votre navigateur, puis l’identifiant et le code :",
		Identity:  "Identifiant", Code: "Code d’accès",
		Unknown:  "Vous ne connaissez pas cet établissement ? Ne tenez pas compte de ce message.",
		Colon:    "\u00a0:",
		firstDay: "1er",
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
			"novembre", "décembre"},
	},
	"en": {
		Subject:   "%s: your access to the messaging service",
		Greeting:  "Hello %s,",
		WhoPerson: "%s invites you to the messaging service of %s.",
		WhoSchool: "%s invites you to its messaging service.",
		Button:    "Choose my password",
		Expires:   "This link works once, until %s.",
		Private:   "It is yours alone: don’t pass it on.",
		Otherwise: "The link doesn’t open? Type this address into your browser, then the username and the code:",
		Identity:  "Username", Code: "Access code",
		Unknown:  "You don’t know this school? Ignore this message.",
		Colon:    ":",
		firstDay: "1",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
			"November", "December"},
	},
	"ar": {
		Subject:   "%s: الدخول إلى خدمة المراسلة",
		Greeting:  "مرحبًا %s،",
		WhoPerson: "تدعوك إدارة المؤسسة (%s) إلى الانضمام إلى خدمة المراسلة الخاصة بـ %s.",
		WhoSchool: "تدعوك مؤسسة %s إلى الانضمام إلى خدمة المراسلة الخاصة بها.",
		Button:    "اختيار كلمة المرور",
		Expires:   "يُستعمل هذا الرابط مرة واحدة فقط، حتى %s.",
		Private:   "وهو شخصي: لا تُعطِه لأحد.",
		Otherwise: "لا يُفتح الرابط؟ انسخ هذا العنوان في المتصفح، ثم اسم المستخدم والرمز:",
		Identity:  "اسم المستخدم", Code: "رمز الدخول",
		Unknown:  "لا تعرف هذه المؤسسة؟ تجاهل هذه الرسالة.",
		Colon:    ":",
		firstDay: "1",
		months: [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
			"نوفمبر", "ديسمبر"},
	},
}

// textsIn returns the texts in a person's language, in French if it is another one.
func textsIn(locale string) (language string, texts invitationTexts) {
	for _, language := range []string{"en", "ar"} {
		if len(locale) >= 2 && locale[:2] == language {
			return language, invitationLanguages[language]
		}
	}
	return "fr", invitationLanguages["fr"]
}

func (t invitationTexts) date(at time.Time) string {
	day := strconv.Itoa(at.Day())
	if at.Day() == 1 {
		day = t.firstDay
	}
	return fmt.Sprintf("%s %s %d", day, t.months[at.Month()-1], at.Year())
}
