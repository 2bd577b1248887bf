# K, f and u of samples (the paper's figures 4 to 6), from the CSV of export, or
# of solve, which has one and does not number it.
#
#   gnuplot -e "data='five.csv'; output='samples.svg'" scripts/plot/samples.gp
if (!exists("output")) output = "samples.svg"
if (!exists("data")) { print "samples.gp: give data='FILE.csv' with -e"; exit status 64 }
set terminal svg size 960,320 font "sans-serif,12" background "white"
set output output
set datafile separator ","
set grid
set xlabel "x"
unset key
isNumbered = system(sprintf("head -n 1 '%s' | grep -c '^sample,' || true", data)) + 0
samples = !isNumbered ? "0" : system(sprintf("tail -n +2 '%s' | cut -d, -f1 | awk '!seen[$0]++' | head -n 5 | tr '\\n' ' '", data))
array colours[6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
set multiplot layout 1,3
do for [name in "K f u"] {
  set title name
  plot for [i=1:words(samples)] data \
    using (!isNumbered || column("sample") == int(word(samples, i)) ? column("x") : NaN):(column(name)) \
    with lines linewidth 2 linecolor rgb colours[i]
}
unset multiplot
