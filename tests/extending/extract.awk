# Writes each fenced block of a markdown page whose info string has file=NAME to OUT/NAME.
BEGIN { system("rm -rf '" out "' && mkdir -p '" out "'") }
/^```/ {
  if (file != "") { close(file); file = ""; next }
  if (match($0, /file=[A-Za-z0-9_.]+/)) file = out "/" substr($0, RSTART + 5, RLENGTH - 5)
  next
}
file != "" { print > file }
