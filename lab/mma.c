/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One outer product on the matrix unit of POWER10 (Power ISA 3.1, xvf32gerpp), added up twice. Exit status 0: the result is
 * right. Where the CPU has no matrix unit it dies of SIGILL. */
#include <altivec.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  float a[4] = {1, 2, 3, 4}, b[4] = {10, 20, 30, 40}, product[4][4];
  vector unsigned char row, column;
  __vector_quad sum;
  int wrong = 0;
  memcpy(&row, a, sizeof row);
  memcpy(&column, b, sizeof column);
  __builtin_mma_xxsetaccz(&sum);
  __builtin_mma_xvf32gerpp(&sum, row, column);
  __builtin_mma_xvf32gerpp(&sum, row, column);
  __builtin_mma_disassemble_acc(product, &sum);
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) wrong += product[i][j] != 2 * a[i] * b[j];
  printf("xvf32gerpp: %d of 16 wrong\n", wrong);
  return wrong != 0;
}
