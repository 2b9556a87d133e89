/*
 * In a browser that is too old to run the client: has unsupported.js say so in place of an empty page. The build puts it
 * into the page. In the syntax of 2018, which such a browser understands. What is looked for is what the oldest browsers
 * that can run it got last: lookbehind in regular expressions (Safari 16.4), Array.prototype.findLast (Chrome 97,
 * Firefox 104) and modules.
 */
;(function () {
  function isSupported() {
    try {
      return new RegExp('(?<=a)b').test('ab') && 'findLast' in Array.prototype && 'noModule' in document.createElement('script')
    } catch {
      return false
    }
  }

  if (isSupported()) return
  var script = document.createElement('script')
  script.src = '/unsupported.js'
  document.head.appendChild(script)
})()
