# Fine-tuning against training from scratch (the paper's figure 2, left and
# middle), from transfer.csv; one line for each start and number of samples,
# the geometric mean over the seeds.
#
#   gnuplot -e "data='runs/transfer/transfer.csv'; output='transfer.svg'" scripts/plot/transfer.gp
if (!exists("output")) output = "transfer.svg"
if (!exists("data")) { print "transfer.gp: give data='FILE.csv' with -e"; exit status 64 }
set terminal svg size 720,440 font "sans-serif,13" background "white"
set output output
set datafile separator ","
set logscale y
set format y "10^{%T}"
set grid
set key outside right
set xlabel "epoch"
set ylabel "relative MSE on the test set"
kinds = system(sprintf("tail -n +2 '%s' | cut -d, -f1,2 | awk '!seen[$0]++' | tr ',\\n' '- '", data))
array colours[6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
means(kind) = sprintf("< awk -F, '$1 \"-\" $2 == \"%s\" { l[$4] += log($7); c[$4]++ } END { for (e in l) print e \",\" exp(l[e] / c[e]) }' '%s' | sort -t, -k1,1n", kind, data)
plot for [i=1:words(kinds)] means(word(kinds, i)) \
  using 1:2 with lines linewidth 2 \
  linecolor rgb colours[1 + (i - 1) % 6] title word(kinds, i)
