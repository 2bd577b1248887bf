# Error against noise (the paper's figure 2, right), from the CSV of robustness.
#
#   gnuplot -e "data='noise.csv'; output='noise.svg'" scripts/plot/robustness.gp
if (!exists("output")) output = "noise.svg"
if (!exists("data")) { print "robustness.gp: give data='FILE.csv' with -e"; exit status 64 }
set terminal svg size 720,440 font "sans-serif,13" background "white"
set output output
set datafile separator ","
set logscale xy
set format xy "10^{%T}"
set grid
set key outside right
set xlabel "σ of the noise"
set ylabel "relative MSE, median"
solvers = system(sprintf("tail -n +2 '%s' | cut -d, -f4 | awk '!seen[$0]++' | tr '\\n' ' '", data))
array colours[6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
row(name) = sprintf("< awk -F, 'NR == 1 || $4 == \"%s\"' '%s'", name, data)
plot for [i=1:words(solvers)] row(word(solvers, i)) using "level":"median" \
  with linespoints pointtype 4 + i linewidth 2 \
  linecolor rgb colours[1 + (i - 1) % 6] title word(solvers, i)
