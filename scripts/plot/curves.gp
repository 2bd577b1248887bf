# Test error of training runs, from their metrics.csv.
#
#   gnuplot -e "runs='runs/a runs/b'; output='curves.svg'" scripts/plot/curves.gp
if (!exists("output")) output = "curves.svg"
if (!exists("runs")) { print "curves.gp: give runs='FOLDER …' with -e"; exit status 64 }
set terminal svg size 720,440 font "sans-serif,13" background "white"
set output output
set datafile separator ","
set logscale y
set format y "10^{%T}"
set grid
set key bottom left
set xlabel "samples seen"
set ylabel "test MSE"
array colours[6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
plot for [i=1:words(runs)] word(runs, i)."/metrics.csv" \
  using "samples":"test_mse" with linespoints pointtype 7 pointsize 0.5 \
  linewidth 2 linecolor rgb colours[1 + (i - 1) % 6] title word(runs, i)
