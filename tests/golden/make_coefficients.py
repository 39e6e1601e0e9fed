from mpmath import mp, mpf
import mpmath as m
mp.dps=60
def cheb_poly(f,a,b,n):
    # near-minimax: interpolate at Chebyshev nodes, return monomial coefs low->high
    p,err=m.chebyfit(f,[a,b],n,error=True)
    return [float(c) for c in p[::-1]],err
# log: R(z) with 2 atanh(s) = 2s + s*R, R = sum 2 z^k/(2k+1)
zmax=((m.sqrt(2)-1)/(m.sqrt(2)+1))**2*mpf('1.01')
def R(z):
    return m.nsum(lambda k:2*z**k/(2*k+1),[1,60]) if False else (sum(2*z**k/(2*k+1) for k in range(1,45)))
c,e=cheb_poly(lambda z: R(z)/z if z!=0 else mpf(2)/3,mpf(0),zmax,7); print('log',c,m.nstr(e,3))
c,e=cheb_poly(lambda z: sum(2*z**k/(2*k+5) for k in range(0,45)),mpf(0),zmax,6); print('log tail from s^5',c,m.nstr(e,3))
zm=(m.pi/4)**2*mpf('1.01')
S=lambda z: sum((-1)**(k+1)*z**k/m.factorial(2*k+3) for k in range(0,20))
C=lambda z: sum((-1)**(k)*z**k/m.factorial(2*k+4) for k in range(0,20))
c,e=cheb_poly(S,0,zm,6); print('sin (x^3..)',c,m.nstr(e,3))
c,e=cheb_poly(C,0,zm,6); print('cos (x^4..)',c,m.nstr(e,3))
zt=mpf(7)/16; zt=zt**2*mpf('1.01')
A=lambda z: sum((-1)**(k+1)*z**k/mpf(2*k+3) for k in range(0,160))
for n in (9,10,11):
    c,e=cheb_poly(A,0,zt,n); print('atan',c,m.nstr(e,3))
def split(v,bits):
    e=int(m.floor(m.log(abs(v),2)))+1
    q=mpf(2)**(bits-e); return m.floor(v*q)/q
l=m.ln2/32; h=split(l,36); print('ln2/32', repr(float(h)), repr(float(l-h)), float(h)==h)
l=m.ln2; h=split(l,42); print('ln2', repr(float(h)), repr(float(l-h)))
h=m.mpf(float(1/m.ln(10))); print('1/ln10', repr(float(h)), repr(float(1/m.ln(10)-h)))
l=m.pi/2; a=split(l,33); b=split(l-a,33); c2=split(l-a-b,33); print('pio2',repr(float(a)),repr(float(b)),repr(float(c2)),repr(float(l-a-b-c2)), float(b)==b)
for v in (mpf(1)/2,1,mpf(3)/2): 
    t=m.atan(v); h=float(t); print('atan',v,repr(h),repr(float(t-h)))
print('pi/2',repr(float(l)),repr(float(l-float(l))), 'pi', repr(float(m.pi)), repr(float(m.pi-float(m.pi))))
K=mpf('3.75')
def g(t):
    if t==1: return 2/m.sqrt(m.pi)
    x=K*(1+t)/(1-t)
    if x>1e8: return (1+2*x)/(x*m.sqrt(m.pi))*(1-1/(2*x*x))
    mp.dps=80
    r=(1+2*x)*m.exp(x*x)*m.erfc(x) if x<12 else (1+2*x)/m.sqrt(m.pi)/x*sum((-1)**k*m.fac2(2*k-1)/(2*x*x)**k for k in range(0,60))
    mp.dps=60
    return r
# chebyshev coefs
N=60
def chebc(f,N):
    xs=[m.cos(m.pi*(k+mpf(1)/2)/N) for k in range(N)]; fs=[f(x) for x in xs]
    return [2/mpf(N)*sum(fs[k]*m.cos(m.pi*j*(k+mpf(1)/2)/N) for k in range(N)) for j in range(N)]
for K in (mpf('2'),mpf('3'),mpf('3.75'),mpf(5)):
    c=chebc(g,N); print('erfcx K',K,sum(1 for v in c if abs(v)>1e-18), m.nstr(c[30],3))
K=mpf('3.75'); c=chebc(g,N); print([float(v) for v in c if abs(v)>5e-19])
print('zeta',[float((-1)**k*(m.zeta(k)-1)/k) for k in range(2,32)], repr(float(1-m.euler)))
print('stirling',[ (float(m.bernoulli(2*k)/(2*k*(2*k-1)))) for k in range(1,12)])
print('lnsqrt2pi',repr(float(m.log(2*m.pi)/2)))
