# Objective against wall time (the paper's figure 3), from the CSV of newton
# compare: the mean of each step over the problems.
#
#   gnuplot -e "data='newton.csv'; output='newton.svg'" scripts/plot/newton.gp
if (!exists("output")) output = "newton.svg"
if (!exists("data")) { print "newton.gp: give data='FILE.csv' with -e"; exit status 64 }
set terminal svg size 720,440 font "sans-serif,13" background "white"
set output output
set logscale y
set grid
set key outside right
set xlabel "ms"
set ylabel "f = ‖Ax − b‖ₚ"
means = sprintf("< awk -F, 'NR > 1 { k = $2 \"\\t\" $3; t[k] += $4; f[k] += $5; c[k]++ } END { for (k in t) print k \"\\t\" 1e3 * t[k] / c[k] \"\\t\" f[k] / c[k] }' '%s' | sort -t \"\t\" -k1,1 -k2,2n", data)
set datafile separator "\t"
methods = system(sprintf("tail -n +2 '%s' | cut -d, -f2 | awk '!seen[$0]++' | tr ' \\n' '_ '", data))
array colours[6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
clean(name) = system(sprintf("echo '%s' | tr _ ' '", name))
plot for [i=1:words(methods)] sprintf("%s | awk -F'\t' '$1 == \"%s\"'", means, clean(word(methods, i))) \
  using 3:4 with linespoints pointtype 4 + i linewidth 2 \
  linecolor rgb colours[1 + (i - 1) % 6] title clean(word(methods, i))
