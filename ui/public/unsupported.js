/* Loaded by support.js, in a browser that is too old to run the client, and in the same syntax. */
;(function () {
  var texts = {
    fr: [
      'Ce navigateur est trop ancien',
      'La messagerie a besoin d’une version plus récente : Chrome, Edge ou Firefox à jour ou, sur iPhone et iPad, iOS 16.4 ou une version suivante. Vos messages vous attendent.',
    ],
    en: [
      'This browser is too old',
      'Messages need a newer version: an up-to-date Chrome, Edge or Firefox or, on iPhone and iPad, iOS 16.4 or later. Your messages are waiting for you.',
    ],
    ar: [
      'هذا المتصفّح قديم جدًا',
      'تحتاج الرسائل إلى إصدار أحدث: Chrome أو Edge أو Firefox محدَّث، أو iOS 16.4 فما بعده على iPhone و iPad. رسائلك في انتظارك.',
    ],
  }

  var language = (navigator.language || 'fr').slice(0, 2)
  if (!texts[language]) language = 'fr'
  var root = document.getElementById('root')
  var title = document.createElement('h1')
  var text = document.createElement('p')
  document.documentElement.lang = language
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr'
  title.textContent = texts[language][0]
  text.textContent = texts[language][1]
  root.className = 'unsupported'
  root.appendChild(title)
  root.appendChild(text)
})()
