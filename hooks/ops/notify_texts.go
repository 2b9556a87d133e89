package ops

import "messagerie/hooks/protocol"

type notice struct{ subject, body string }

// notices are the mails to the administration, by language and cause.
var notices = map[string]map[string]notice{
	"fr": {
		protocol.CauseDisk: {"le disque du serveur n’a plus de place",
			"Le disque du serveur de la messagerie est plein, presque plein, ou ne peut plus être écrit. Les messages déjà envoyés restent lisibles.\nPrévenez la personne qui s’occupe du serveur : il faut libérer de la place ou remplacer le disque. Ensuite, tout reprend sans intervention."},
		protocol.CauseBackup: {"la sauvegarde a échoué",
			"La dernière sauvegarde de la messagerie a échoué, ou elle date de plus d’une semaine. Si le disque tombait en panne, des messages seraient perdus.\nPrévenez la personne qui s’occupe du serveur : la commande « messagerie doctor », avec la configuration et le dossier du serveur, indique la cause."},
		protocol.CauseMail: {"les courriels ne partaient pas",
			"Le serveur de courriel ne répondait pas, refusait la connexion, ou ses réglages étaient incomplets : les courriels de la messagerie attendaient. Ils sont envoyés dès que c’est possible.\nSi cela dure, prévenez la personne qui s’occupe du serveur : la commande « messagerie doctor », avec la configuration et le dossier du serveur, indique la cause."},
	},
	"en": {
		protocol.CauseDisk: {"the server's disk is out of space",
			"The disk of the messaging server is full, nearly full, or can't be written. Messages that were sent before can still be read.\nTell whoever looks after the server: space has to be freed, or the disk replaced. Then everything goes on by itself."},
		protocol.CauseBackup: {"the backup failed",
			"The last backup of the messaging server failed, or is more than a week old. If the disk broke, messages would be lost.\nTell whoever looks after the server: the command “messagerie doctor”, with the server's configuration and directory, names the cause."},
		protocol.CauseMail: {"e-mail could not be sent",
			"The mail server didn't respond, refused the log-in, or its settings were incomplete: e-mail of the messaging server was waiting. It is sent as soon as possible.\nIf it lasts, tell whoever looks after the server: the command “messagerie doctor”, with the server's configuration and directory, names the cause."},
	},
	"ar": {
		protocol.CauseDisk: {"لم تعد هناك مساحة على قرص الخادم",
			"قرص خادم المراسلة ممتلئ أو شبه ممتلئ، أو لم تعد الكتابة عليه ممكنة. تبقى الرسائل السابقة قابلة للقراءة.\nأبلغوا الشخص المسؤول عن الخادم: يجب تحرير مساحة أو استبدال القرص، ثم يُستأنف كل شيء تلقائيًا."},
		protocol.CauseBackup: {"فشل النسخ الاحتياطي",
			"فشل آخر نسخ احتياطي للمراسلة، أو مضى عليه أكثر من أسبوع. إذا تعطّل القرص فستضيع رسائل.\nأبلغوا الشخص المسؤول عن الخادم: الأمر «messagerie doctor»، مع إعدادات الخادم ومجلده، يبيّن السبب."},
		protocol.CauseMail: {"تعذّر إرسال البريد الإلكتروني",
			"لم يستجب خادم البريد أو رفض تسجيل الدخول، أو إعداداته ناقصة: كانت رسائل البريد تنتظر، وتُرسل حالما يمكن ذلك.\nإذا استمر ذلك فأبلغوا الشخص المسؤول عن الخادم: الأمر «messagerie doctor»، مع إعدادات الخادم ومجلده، يبيّن السبب."},
	},
}

// noticeOf returns the mail about a problem in a language, French if there is none in it.
func noticeOf(problem protocol.ServerProblem, language string) (subject, body string) {
	texts, ok := notices[language]
	if !ok {
		texts = notices["fr"]
	}
	return texts[problem.Cause].subject, texts[problem.Cause].body
}
