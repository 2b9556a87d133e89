package privacy

// Label is label.
var Label = label
