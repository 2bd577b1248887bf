// Equations
